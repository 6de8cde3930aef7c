"""What the desk can say: one frozen dataclass a message, by the task it belongs to.

A message's fields are all that its template may use; a test holds templates to that.
"""
