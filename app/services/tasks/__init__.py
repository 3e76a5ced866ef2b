"""Tasks, follow-ups and the personal task list: made, finished, put off, passed on, and told of when their time comes."""
