"""Migrations of our own tables, run by `Database.upgrade()`; the tables of users' forms are left alone."""
