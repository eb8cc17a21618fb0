"""Work, counted: the statements that a store is asked, and the rows that it gives, where seconds would depend on the
machine."""

from contextlib import contextmanager


class Work:
    def __init__(self):
        self.statements, self.rows = [], 0

    def _asked(self, cursor, sql, values):
        self.statements.append(sql)
        return True

    def _given(self, cursor, row):
        self.rows += 1
        return row


@contextmanager
def counted(own_cloud):
    """What the store of a cloud in this process does meanwhile."""
    work, db = Work(), own_cloud.running.cloud.store.db
    db.exec_trace, db.row_trace = work._asked, work._given
    try:
        yield work
    finally:
        db.exec_trace = db.row_trace = None
