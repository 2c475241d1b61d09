"""The stock ledger, reservations, the suppliers' links, and plans."""

import sqlalchemy as sa
from alembic import op

import store.kinds
import store.types

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plan_line',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('run_id', store.types.Id, nullable=False),
    sa.Column('rank', store.types.Id, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('sku', sa.Text(), nullable=False),
    sa.Column('sku_name', sa.Text(), nullable=False),
    sa.Column('warehouse', sa.Text(), nullable=False),
    sa.Column('from_warehouse', sa.Text(), nullable=True),
    sa.Column('supplier', sa.Text(), nullable=True),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('abc_xyz', sa.Text(), nullable=False),
    sa.Column('proposed', store.kinds.Number(), nullable=False),
    sa.Column('quantity', store.kinds.Number(), nullable=False),
    sa.Column('unit_cost', store.kinds.Money(), nullable=True),
    sa.Column('days_left', store.kinds.Number(), nullable=True),
    sa.Column('numbers', store.types.Json, nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('reason_en', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('document', sa.Text(), nullable=True),
    sa.Column('changed_by', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_line'))
    )
    with op.batch_alter_table('plan_line', schema=None) as batch_op:
        batch_op.create_index('ix_plan_line_run', ['run_id', 'state', 'rank'], unique=False)

    op.create_table('plan_run',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('day', sa.Text(), nullable=False),
    sa.Column('at', store.types.Moment(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('settings', store.types.Json, nullable=False),
    sa.Column('summary', store.types.Json, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_run'))
    )
    op.create_table('stock_movement',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('sku', sa.Text(), nullable=False),
    sa.Column('warehouse', sa.Text(), nullable=False),
    sa.Column('quantity', store.kinds.Number(), nullable=False),
    sa.Column('d_on_hand', store.kinds.Number(), nullable=False),
    sa.Column('d_reserved', store.kinds.Number(), nullable=False),
    sa.Column('d_in_transit', store.kinds.Number(), nullable=False),
    sa.Column('d_on_order', store.kinds.Number(), nullable=False),
    sa.Column('on_hand', store.kinds.Number(), nullable=False),
    sa.Column('reserved', store.kinds.Number(), nullable=False),
    sa.Column('in_transit', store.kinds.Number(), nullable=False),
    sa.Column('on_order', store.kinds.Number(), nullable=False),
    sa.Column('unit_cost', store.kinds.Money(), nullable=True),
    sa.Column('price', store.kinds.Money(), nullable=True),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('day', sa.Text(), nullable=False),
    sa.Column('at', store.types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_movement')),
    sa.UniqueConstraint('key', name=op.f('uq_stock_movement_key'))
    )
    with op.batch_alter_table('stock_movement', schema=None) as batch_op:
        batch_op.create_index('ix_stock_movement_day', ['day', 'kind'], unique=False)
        batch_op.create_index('ix_stock_movement_document', ['document'], unique=False)
        batch_op.create_index('ix_stock_movement_place', ['sku', 'warehouse', 'id'], unique=False)

    op.create_table('stock_reservation',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('sku', sa.Text(), nullable=False),
    sa.Column('warehouse', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('order_ref', sa.Text(), nullable=False),
    sa.Column('quantity', store.kinds.Number(), nullable=False),
    sa.Column('left', store.kinds.Number(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('expires_at', store.types.Moment(), nullable=True),
    sa.Column('created_at', store.types.Moment(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_reservation')),
    sa.UniqueConstraint('key', name=op.f('uq_stock_reservation_key'))
    )
    with op.batch_alter_table('stock_reservation', schema=None) as batch_op:
        batch_op.create_index('ix_stock_reservation_held', ['expires_at'], unique=False, sqlite_where=sa.text("state = 'held'"), postgresql_where=sa.text("state = 'held'"))
        batch_op.create_index('ix_stock_reservation_place', ['sku', 'warehouse', 'state'], unique=False)

    op.create_table('supplier_link',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('record_id', store.types.Id, nullable=False),
    sa.Column('nonce', sa.Text(), nullable=False),
    sa.Column('created_at', store.types.Moment(), nullable=False),
    sa.Column('expires_at', store.types.Moment(), nullable=False),
    sa.Column('opened_at', store.types.Moment(), nullable=True),
    sa.Column('answered_at', store.types.Moment(), nullable=True),
    sa.Column('revoked_at', store.types.Moment(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_supplier_link_token_hash'))
    )
    with op.batch_alter_table('supplier_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supplier_link_record_id'), ['record_id'], unique=False)


def downgrade() -> None:
    raise RuntimeError("restore the backup that was made before the upgrade")
