"""Uploads in parts: begun, filled in any order, completed or given up.

One idea: an upload is what an object will be, and its parts are that object's pieces already, so that completing it
moves rows and copies nothing. Lists of uploads turn their pages in `listing`; `access` says whose an upload is, `locks`
what it may ask for, `aging` when it is given up, and `encryption` has its key. It may not know how content lies.
"""
