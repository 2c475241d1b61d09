"""One vendor a file: `answer(gateway, request) -> (status, body)`."""
