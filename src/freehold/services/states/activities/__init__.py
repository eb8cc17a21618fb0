"""The wing of activities: tasks that others do, whether they ask for them as workers or are called back by a token.

One idea: whoever holds a ticket may say what became of its task, which takes the execution one step on in `running`.
What an activity is encrypted with is checked by `configuration`. It may not know how an execution goes on.
"""

from freehold.services.states.activities import operations

__all__ = ["operations"]
