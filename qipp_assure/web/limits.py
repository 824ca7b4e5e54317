"""What may be sent at most, and what the service is called."""

SERVICE_NAME = "QIPP Assure"
UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024
TEXT_LIMIT_CHARACTERS = 20_000
FORM_LIMIT_BYTES = 4 * 1024 * 1024
"""The fields of one form together; a page with more text than this sends it in several."""
REQUEST_LIMIT_BYTES = UPLOAD_LIMIT_BYTES + 64 * 1024
"""A file of the greatest size with the form around it."""
IDLE_MINUTES = 240
"""How long a person may be away before signing in again."""
