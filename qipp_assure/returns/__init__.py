"""The returns: what a plan and a report card are, how they are checked, sealed and read as facts."""
