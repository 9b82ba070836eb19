"""The life of a case: one table of transitions (11), and what each of them does."""
