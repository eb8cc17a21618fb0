"""Events both ways with a help desk of somebody else's: its cases come in, and what is found goes back to it."""
