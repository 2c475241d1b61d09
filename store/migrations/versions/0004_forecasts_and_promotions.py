"""What is forecast, what people say about it, and planned promotions."""

import sqlalchemy as sa
from alembic import op

import store.types

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('forecast_item',
    sa.Column('sku', sa.Text(), nullable=False),
    sa.Column('analogs', store.types.Json, nullable=False),
    sa.Column('ends_on', sa.Text(), nullable=True),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('updated_at', store.types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('sku', name=op.f('pk_forecast_item'))
    )
    op.create_table('forecast_override',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('where', store.types.Json, nullable=False),
    sa.Column('from_day', sa.Text(), nullable=False),
    sa.Column('to_day', sa.Text(), nullable=False),
    sa.Column('value', sa.Float(precision=53), nullable=False),
    sa.Column('relative', sa.Boolean(), nullable=False),
    sa.Column('before', sa.Float(precision=53), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('expires', sa.Text(), nullable=True),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('created_at', store.types.Moment(), nullable=False),
    sa.Column('withdrawn_at', store.types.Moment(), nullable=True),
    sa.Column('withdrawn_by', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forecast_override'))
    )
    op.create_table('forecast_run',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('trigger', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('day', sa.Text(), nullable=False),
    sa.Column('horizon', store.types.Id, nullable=False),
    sa.Column('options', store.types.Json, nullable=False),
    sa.Column('step', sa.Text(), nullable=False),
    sa.Column('done', store.types.Id, nullable=False),
    sa.Column('total', store.types.Id, nullable=False),
    sa.Column('cancel', sa.Boolean(), nullable=False),
    sa.Column('result', store.types.Json, nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('attempt', store.types.Id, nullable=False),
    sa.Column('lease_until', store.types.Moment(), nullable=True),
    sa.Column('created_by', sa.Text(), nullable=False),
    sa.Column('created_at', store.types.Moment(), nullable=False),
    sa.Column('finished_at', store.types.Moment(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forecast_run'))
    )
    op.create_index('ix_forecast_run_state', 'forecast_run', ['state', 'id'], unique=False)
    op.create_table('promotion_plan',
    sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('from_day', sa.Text(), nullable=False),
    sa.Column('to_day', sa.Text(), nullable=False),
    sa.Column('plan', store.types.Json, nullable=False),
    sa.Column('result', store.types.Json, nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('created_at', store.types.Moment(), nullable=False),
    sa.Column('updated_at', store.types.Moment(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promotion_plan'))
    )
    op.create_index('ix_promotion_plan_from', 'promotion_plan', ['from_day'], unique=False)


def downgrade() -> None:
    raise RuntimeError("restore the backup that was made before the upgrade")
