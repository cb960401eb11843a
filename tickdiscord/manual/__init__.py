"""The manual: what is said of every diagnostic code, on the command line and in the documentation alike."""
