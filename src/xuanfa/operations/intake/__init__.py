"""Intake: from the folder of posts to deliveries in the queue."""
