"""Somebody who pays says that something on the invoice is wrong; finance takes it over or declines it."""
