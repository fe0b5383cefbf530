"""The kinds of work at the desk: what is found, and until when it is to be done. `backoffice.worklist` puts them together."""
