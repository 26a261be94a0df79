// Everything works without this file. It moves the focus to the error summary after a refused form,
// so that people who listen to the page or use the keyboard hear at once what to correct.
"use strict";

document.querySelector(".error-summary")?.focus();
