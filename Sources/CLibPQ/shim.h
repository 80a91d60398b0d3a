#ifndef ROLLCALL_CLIBPQ_SHIM_H
#define ROLLCALL_CLIBPQ_SHIM_H

#include <libpq-fe.h>

/// The fields of a server message. libpq names them by character macros, which Swift does not import.
typedef enum __attribute__((enum_extensibility(open))) DiagnosticField : int {
    DiagnosticFieldSeverity = PG_DIAG_SEVERITY_NONLOCALIZED,
    DiagnosticFieldSQLState = PG_DIAG_SQLSTATE,
    DiagnosticFieldMessage = PG_DIAG_MESSAGE_PRIMARY,
    DiagnosticFieldDetail = PG_DIAG_MESSAGE_DETAIL,
    DiagnosticFieldHint = PG_DIAG_MESSAGE_HINT,
    DiagnosticFieldPosition = PG_DIAG_STATEMENT_POSITION,
    DiagnosticFieldContext = PG_DIAG_CONTEXT,
    DiagnosticFieldSchema = PG_DIAG_SCHEMA_NAME,
    DiagnosticFieldTable = PG_DIAG_TABLE_NAME,
    DiagnosticFieldColumn = PG_DIAG_COLUMN_NAME,
    DiagnosticFieldConstraint = PG_DIAG_CONSTRAINT_NAME,
} DiagnosticField;

#endif
