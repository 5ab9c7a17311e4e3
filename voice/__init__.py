"""Hear citizens and speak to them: audio in any common format to a `Transcript`, text to a voice note."""
