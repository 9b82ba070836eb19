"""What the clock does to cases: rows say what is due, so nothing is lost in an outage and nothing is done twice."""
