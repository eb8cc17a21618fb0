"""What runs on the far side of a cell's walls: the fork server that cells come from, and a cell's first process.

One idea: this code is run by whichever Python the functions use, so it imports the standard library and nothing else,
and works from Python 3.8 on. It may not know functions, logs or the Runtime API, and trusts no program that it starts.
"""
