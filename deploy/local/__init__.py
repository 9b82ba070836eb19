"""What ``make`` calls. ``setup`` needs nothing but Python; everything else runs in the virtual environment that it makes."""
