#ifndef ROLLCALL_CSQLITE_SHIM_H
#define ROLLCALL_CSQLITE_SHIM_H

#include <sqlite3.h>

/* Swift cannot call variadic functions: one typed wrapper for each use. */

/* Only before the first use of the library, else SQLITE_MISUSE. */
static inline int rollcall_sqlite_count_no_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* In SQL, "name" is a column, never a string: a misspelt column must be an error. */
static inline int rollcall_sqlite_forbid_quoted_strings(sqlite3 *database) {
    int status = sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)0);
    return status != SQLITE_OK ? status : sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
}

/* SQLITE_STATIC and SQLITE_TRANSIENT are casts, which Swift does not import. */
static inline void rollcall_sqlite_result_static_text(sqlite3_context *context, const char *bytes, int count) {
    sqlite3_result_text(context, bytes, count, SQLITE_STATIC);
}

static inline void rollcall_sqlite_result_copied_text(sqlite3_context *context, const char *bytes, int count) {
    sqlite3_result_text(context, bytes, count, SQLITE_TRANSIENT);
}

/* SQLite's structs come first, as its virtual tables demand. */
typedef struct {
    sqlite3_vtab base;
    void *table;
} rollcall_sqlite_table;

typedef struct {
    sqlite3_vtab_cursor base;
    void *table;
} rollcall_sqlite_cursor;

#endif
