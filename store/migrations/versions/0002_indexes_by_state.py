"""Indexes by state: a partial index is used only where its condition is written out, state by state."""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_delivery_open'), sqlite_where=sa.text("state IN ('queued', 'sending')"))
        batch_op.create_index('ix_delivery_provider', ['channel', 'provider_id'], unique=False)
        batch_op.create_index('ix_delivery_queued', ['severity', 'due_at', 'id'], unique=False, sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'"))
        batch_op.create_index('ix_delivery_sending', ['lease_until'], unique=False, sqlite_where=sa.text("state = 'sending'"), postgresql_where=sa.text("state = 'sending'"))

    with op.batch_alter_table('slot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_slot_open'), sqlite_where=sa.text("state IN ('due', 'running')"))
        batch_op.create_index('ix_slot_due', ['scheduled_for', 'id'], unique=False, sqlite_where=sa.text("state = 'due'"), postgresql_where=sa.text("state = 'due'"))
        batch_op.create_index('ix_slot_running', ['lease_until'], unique=False, sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))

def downgrade() -> None:
    raise RuntimeError("restore the backup that was made before the upgrade")
