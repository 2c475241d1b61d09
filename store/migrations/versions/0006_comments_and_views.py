"""Comments on records, and saved views of lists."""

import sqlalchemy as sa
from alembic import op

import store.types

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('record_comment',
        sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
        sa.Column('form', sa.Text(), nullable=False),
        sa.Column('record_id', store.types.Id, nullable=False),
        sa.Column('at', store.types.Moment(), nullable=False),
        sa.Column('author', sa.Text(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('mentions', store.types.Json, nullable=False),
        sa.Column('files', store.types.Json, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_record_comment')),
    )
    op.create_index('ix_record_comment_form_record', 'record_comment', ['form', 'record_id'], unique=False)
    op.create_table('saved_view',
        sa.Column('id', store.types.Id, autoincrement=True, nullable=False),
        sa.Column('form', sa.Text(), nullable=False),
        sa.Column('owner', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('shared', sa.Boolean(), nullable=False),
        sa.Column('settings', store.types.Json, nullable=False),
        sa.Column('updated_at', store.types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    )
    op.create_index('ix_saved_view_form', 'saved_view', ['form', 'owner'], unique=False)


def downgrade() -> None:
    raise RuntimeError("restore the backup that was made before the upgrade")
