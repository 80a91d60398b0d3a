/// One setting of a component, stated once: its name, type, default, rule and documentation.
///
/// The same value declares the setting in a `ComponentSpec` and reads it from `Settings`.
public struct Field<Value: SettingValue>: Sendable {
    public let name: String
    let fallback: Value?
    let check: @Sendable (Value) -> String?
    /// The setting as documentation, validation and the JSON Schema see it.
    public let spec: FieldSpec

    /// - Parameters:
    ///   - name: The key in the file: snake_case, with its unit (`timeout_seconds`).
    ///   - form: What is documented as accepted, where the type alone does not say it.
    ///   - fallback: The value when the key is not written; without one the key is required, unless the type is optional.
    ///   - defaultText: How the default is documented, where its own text does not say it.
    ///   - environment: The environment variable that stands in when the key is not written.
    ///   - example: A value as it would be written in a file.
    ///   - shapesRows: False for a setting of a source that says only how the work is done: whoever changes it gets the same rows,
    ///     so that a run need not read everything once more.
    ///   - doc: One or two sentences for a reader of `rollcall describe`.
    ///   - check: The rule beyond the type: nil when the value is good, else the end of the sentence "`name` …".
    public init(
        _ name: String,
        form: SettingForm = Value.form,
        default fallback: Value? = nil,
        defaultText: String? = nil,
        environment: String? = nil,
        example: String? = nil,
        shapesRows: Bool = true,
        doc: String,
        check: @escaping @Sendable (Value) -> String? = { _ in nil }
    ) {
        self.name = name
        self.fallback = fallback
        self.check = check
        self.spec = FieldSpec(
            name: name,
            doc: doc,
            form: form,
            isRequired: fallback == nil && Value.absent == nil,
            isSecret: Value.isSecret,
            defaultText: defaultText ?? fallback.map { "\($0)" },
            environment: environment,
            example: example,
            shapesRows: shapesRows,
            fault: { node in
                do throws(SettingFault) {
                    let value = try Value.read(node)
                    return check(value).map { SettingFault($0, at: node.location) }
                } catch {
                    return error
                }
            }
        )
    }
}

/// A setting without its type: what is common to validation, documentation and the JSON Schema.
public struct FieldSpec: Sendable {
    public let name: String
    public let doc: String
    public let form: SettingForm
    public let isRequired: Bool
    public let isSecret: Bool
    public let defaultText: String?
    /// The environment variable that stands in when the key is not written.
    public let environment: String?
    public let example: String?
    /// Whether another value may give other rows.
    public let shapesRows: Bool
    let fault: @Sendable (ConfigurationNode) -> SettingFault?
}
