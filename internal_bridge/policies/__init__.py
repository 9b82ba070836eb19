"""时限：lawful limits as rows, the dates and lights that follow from them, and the words for both."""
