#!/bin/sh
# Bring Temporal's own tables up to the version of this image; nothing happens where they are already.
set -eu

update() {
    echo "temporal: schema of database $1"
    temporal-sql-tool --database "$1" setup-schema --version 0.0
    temporal-sql-tool --database "$1" update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

update temporal temporal
update temporal_visibility visibility
