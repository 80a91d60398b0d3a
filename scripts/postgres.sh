# A Postgres server for the time of a script: `start_postgres FOLDER` sets and exports PGHOST, PGUSER and PGDATABASE, and
# `stop_postgres` ends it. Listens on a unix socket only.

postgres_bin() {
    local server
    server=$(compgen -G '/usr/lib/postgresql/*/bin/postgres' | sort -V | tail -n 1 || command -v postgres)
    dirname "$server"
}

# Runs a command as a user who may run Postgres: root may not.
as_postgres() {
    if [[ $EUID -eq 0 ]]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

start_postgres() {
    postgres_folder=$1/postgres
    postgres_programs=$(postgres_bin)
    mkdir -p "$postgres_folder"
    chmod 711 "$1"
    [[ $EUID -ne 0 ]] || chown postgres "$postgres_folder"
    (
        cd /
        as_postgres "$postgres_programs/initdb" --pgdata "$postgres_folder/data" --username crm --auth trust \
            --encoding UTF8 --locale C --no-sync >/dev/null
        as_postgres "$postgres_programs/pg_ctl" --pgdata "$postgres_folder/data" --log "$postgres_folder/log" --wait \
            --options "-c listen_addresses= -c unix_socket_directories=$postgres_folder ${2:-}" start >/dev/null
    )
    export PGHOST=$postgres_folder PGUSER=crm PGDATABASE=postgres
}

stop_postgres() {
    (cd / && as_postgres "$postgres_programs/pg_ctl" --pgdata "$postgres_folder/data" --mode fast stop >/dev/null)
}
