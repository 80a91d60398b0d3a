/// The five-character code of a Postgres error, which unlike the message does not depend on version and language.
///
/// The constants are those that Rollcall decides on; any other code fits too.
/// Source: appendix A, "PostgreSQL Error Codes", of the PostgreSQL manual.
public struct SQLState: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public var description: String { rawValue }

    /// The first two characters, which name the family of the error: `"22"` for any data exception.
    public var errorClass: Substring { rawValue.prefix(2) }
}

extension SQLState {
    public static let uniqueViolation = SQLState(rawValue: "23505")
    public static let foreignKeyViolation = SQLState(rawValue: "23503")
    public static let notNullViolation = SQLState(rawValue: "23502")
    public static let checkViolation = SQLState(rawValue: "23514")

    public static let readOnlyTransaction = SQLState(rawValue: "25006")
    public static let failedTransaction = SQLState(rawValue: "25P02")
    public static let idleInTransactionTimeout = SQLState(rawValue: "25P03")
    public static let transactionTimeout = SQLState(rawValue: "25P04")
    public static let idleSessionTimeout = SQLState(rawValue: "57P05")

    public static let serializationFailure = SQLState(rawValue: "40001")
    public static let deadlockDetected = SQLState(rawValue: "40P01")
    public static let lockNotAvailable = SQLState(rawValue: "55P03")

    public static let syntaxError = SQLState(rawValue: "42601")
    public static let insufficientPrivilege = SQLState(rawValue: "42501")
    public static let undefinedColumn = SQLState(rawValue: "42703")
    public static let undefinedFunction = SQLState(rawValue: "42883")
    public static let undefinedTable = SQLState(rawValue: "42P01")
    public static let undefinedSchema = SQLState(rawValue: "3F000")
    public static let undefinedDatabase = SQLState(rawValue: "3D000")
    public static let duplicateTable = SQLState(rawValue: "42P07")
    public static let duplicateDatabase = SQLState(rawValue: "42P04")

    public static let invalidTextRepresentation = SQLState(rawValue: "22P02")
    public static let divisionByZero = SQLState(rawValue: "22012")

    public static let diskFull = SQLState(rawValue: "53100")
    public static let outOfMemory = SQLState(rawValue: "53200")
    public static let tooManyConnections = SQLState(rawValue: "53300")

    /// A cancel request, or `statement_timeout`.
    public static let queryCanceled = SQLState(rawValue: "57014")
    public static let adminShutdown = SQLState(rawValue: "57P01")
    public static let crashShutdown = SQLState(rawValue: "57P02")
    public static let cannotConnectNow = SQLState(rawValue: "57P03")
}
