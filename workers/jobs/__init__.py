"""What has to be done now and then, whoever notices first that it is time."""
