"""Tables that leave the program: one form for all of them, and one writer for each kind of file."""
