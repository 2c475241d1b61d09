"""What providers report, shared limits of sending, what was done about a notice, links of digests."""

import sqlalchemy as sa
from alembic import op

import store.types

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('callback',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('at', store.types.Moment(), nullable=False),
    sa.Column('provider_id', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('person', sa.Text(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('done', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callback')),
    sa.UniqueConstraint('channel', 'key', name=op.f('uq_callback_channel_key'))
    )
    op.create_table('rate_bucket',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('tokens', sa.Float(53), nullable=False),
    sa.Column('filled_at', sa.Float(53), nullable=False),
    sa.Column('blocked_until', sa.Float(53), nullable=False),
    sa.Column('failures', store.types.Id, nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_rate_bucket'))
    )
    with op.batch_alter_table('callback', schema=None) as batch_op:
        batch_op.create_index('ix_callback_provider', ['channel', 'provider_id'], unique=False)
        batch_op.create_index('ix_callback_address', ['channel', 'address', 'at'], unique=False)

    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.add_column(sa.Column('response', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('acted_at', store.types.Moment(), nullable=True))
        batch_op.add_column(sa.Column('acted_by', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('acted_op', sa.Text(), nullable=True))
        batch_op.create_index('ix_delivery_instance', ['instance'], unique=False)

    with op.batch_alter_table('action_link', schema=None) as batch_op:
        batch_op.add_column(sa.Column('delivery_id', store.types.Id, nullable=True))
        batch_op.add_column(sa.Column('failed_pins', store.types.Id, nullable=False, server_default='0'))


def downgrade() -> None:
    raise RuntimeError("restore the backup that was made before the upgrade")
