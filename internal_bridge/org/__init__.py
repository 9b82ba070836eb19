"""机构人员: units, posts, people of the city, and who may do what."""
