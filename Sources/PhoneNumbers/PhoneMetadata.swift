/// Which numbering plans are built in.
public enum PhoneMetadata {
    /// The version of libphonenumber that they are from: `9.0.43`.
    public static let version = GeneratedMetadata.version
    /// The day on which they were released: `2026-11-06`.
    public static let date = GeneratedMetadata.date
}
