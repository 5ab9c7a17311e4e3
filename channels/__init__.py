"""The gateway: WhatsApp, the web page and the message API; every message is one durable turn."""
