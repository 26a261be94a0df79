"""Programs around the application: start it, check it, prepare the machine. They speak Dutch to who runs them."""
