"""What we remember: SQLAlchemy models, migrations and named queries; nobody else writes a query."""
