"""The demonstration's content: articles of the fictional city (articles/), and the columns and topics they stand in."""
