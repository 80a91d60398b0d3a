public import PostgresClient
public struct PrivatePostgres: Sendable {
    public let configuration: PostgresConfiguration
    public static func acquire() async throws -> PrivatePostgres { throw CancellationError() }
    public func release() async throws {}
}
