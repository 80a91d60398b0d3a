internal import CLibPQ

/// How to reach a database, in libpq's terms.
///
/// A URL (`postgres://…`), a `key=value` string, or nothing at all: then libpq's `PG*` variables, service file and `.pgpass`
/// apply, as they do for whatever the string leaves out. TLS is as libpq has it: for a verified server say
/// `sslmode=verify-full` and, unless the system's store will do, `sslrootcert`.
public struct PostgresConfiguration: Sendable {
    /// libpq's own keywords, such as `host` and `password`.
    let parameters: [String: String]

    /// Reads `conninfo`; whether a server answers shows when connecting.
    ///
    /// - Parameters:
    ///   - conninfo: what the user gave. It wins over the next two.
    ///   - applicationName: shown in `pg_stat_activity`.
    ///   - connectTimeout: the time each host has to answer, in whole seconds, at least 2.
    ///   - parameters: further libpq keywords, which win over all else.
    /// - Throws: `PostgresError` of the kind `configuration` for a string that libpq cannot read.
    public init(
        _ conninfo: String = "",
        applicationName: String = "rollcall",
        connectTimeout: Duration = .seconds(10),
        parameters: [String: String] = [:]
    ) throws {
        let given = try Self.parse(conninfo)
        var result = [
            "connect_timeout": String(max(2, connectTimeout.components.seconds)),
            // A server that vanished without a word is noticed after about a minute, not after hours.
            "keepalives": "1", "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3",
            // The same where something was sent that it has not acknowledged: then there are no keepalives, and TCP's own
            // patience is a quarter of an hour.
            "tcp_user_timeout": "60000",
        ]
        let environment = Self.environmentDefaults()
        result = result.filter { environment[$0.key] == nil && given["service"] == nil }
        result["fallback_application_name"] = applicationName
        result.merge(given) { _, given in given }
        result.merge(parameters) { _, extra in extra }
        result["client_encoding"] = "UTF8"
        self.parameters = result
    }

    private init(exactly parameters: [String: String]) {
        self.parameters = parameters
    }

    /// All of it in libpq's `key='value'` form, password included: for a program that tests start.
    package var connectionString: String {
        parameters.sorted { $0.key < $1.key }.map { keyword, value in
            "\(keyword)='\(value.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
        }
        .joined(separator: " ")
    }

    /// The same with some libpq keywords changed, such as `["dbname": "other"]`.
    public func with(_ changes: [String: String]) -> PostgresConfiguration {
        PostgresConfiguration(exactly: parameters.merging(changes) { _, change in change })
    }

    private static func parse(_ conninfo: String) throws -> [String: String] {
        guard !conninfo.utf8.contains(0) else {
            throw PostgresError(.configuration, "the database URL contains a NUL character")
        }
        guard !hasBareAt(conninfo) else {
            // What libpq takes for the host, and shows, would be a part of the password.
            throw PostgresError(
                .configuration,
                "the database URL has more than one @ before its host",
                hint: "write an @ in the user or password as %40, and likewise / as %2F, # as %23, ? as %3F, % as %25"
            )
        }
        var message: UnsafeMutablePointer<CChar>?
        let options = unsafe PQconninfoParse(conninfo, &message)
        defer { unsafe PQfreemem(message) }
        guard let options = unsafe options else {
            // libpq's text quotes the part it stumbled over, which may be the password.
            throw PostgresError(
                .configuration,
                "the database URL cannot be read",
                detail: unsafe message.map { unsafe String(cString: $0) },
                hint: "write postgres://user:password@host:5432/database, "
                    + "with %-escapes for special characters, or host=… dbname=… user=…"
            )
        }
        return unsafe takeValues(of: options)
    }

    private static func hasBareAt(_ conninfo: String) -> Bool {
        guard conninfo.hasPrefix("postgres://") || conninfo.hasPrefix("postgresql://") else { return false }
        return conninfo.prefix { $0 != "?" }.count { $0 == "@" } > 1
    }

    /// What libpq takes from `PG*` variables and the service file they name.
    private static func environmentDefaults() -> [String: String] {
        guard let options = unsafe PQconndefaults() else { return [:] }
        return unsafe takeValues(of: options)
    }

    /// Reads and frees an option array, which ends with one whose keyword is null.
    private static func takeValues(of options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        defer { unsafe PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                values[unsafe String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        return values
    }
}

/// Shows where the database is and never a password, nor any other setting that may hold one.
extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        let shown = ["service", "host", "hostaddr", "port", "dbname", "user"].compactMap { keyword in
            parameters[keyword].map { "\(keyword)=\($0)" }
        }
        return shown.isEmpty ? "the database that libpq's PG* variables name" : shown.joined(separator: " ")
    }

    public var debugDescription: String { description }

    public var customMirror: Mirror { Mirror(self, children: ["database": description]) }
}
