/// A plug-in made from its part of the file.
public struct Component<Plugin: Sendable>: Sendable {
    public let plugin: Plugin
    /// How messages name it: `source postgres`.
    public let title: String
    public let location: SourceLocation

    public init(plugin: Plugin, title: String, location: SourceLocation) {
        self.plugin = plugin
        self.title = title
        self.location = location
    }

    /// Runs `body` without waiting; errors that do not say so yet are laid to this component.
    public func checking<Result>(_ body: (Plugin) throws -> Result) throws -> Result {
        do {
            return try body(plugin)
        } catch let error as RollcallError {
            throw error.attributed(to: title, at: location)
        }
    }

    /// Runs `body`; errors that do not say so yet are laid to this component.
    public func running<Result>(_ body: (Plugin) async throws -> Result) async throws -> Result {
        do {
            return try await body(plugin)
        } catch let error as RollcallError {
            throw error.attributed(to: title, at: location)
        }
    }
}
