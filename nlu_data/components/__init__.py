"""Mitra's understanding: the components of Rasa's pipeline, and the plain text modules below them."""
