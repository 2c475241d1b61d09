"""HTTP: the API, login, the pages behind action links and the built front end."""
