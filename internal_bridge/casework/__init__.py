"""信访件办理: complaints in the office, from arrival to answer."""
