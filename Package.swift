// swift-tools-version: 6.2
import PackageDescription

// One target for each folder: what a target may import is named here, so the compiler proves the architecture.
// Arrows point one way: plug-ins → RollcallCore ← RollcallEngine; plug-ins meet only in BuiltIns.

func module(_ name: String, _ path: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target
{
    .target(name: name, dependencies: dependencies, path: "Sources/\(path)", exclude: exclude)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name)] + dependencies,
        path: "Tests/\(name)Tests",
        exclude: exclude
    )
}

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "rollcall",
    products: [
        .executable(name: "rollcall", targets: ["rollcall"]),
        .library(name: "RollcallCore", targets: ["RollcallCore"]),
        .library(name: "RollcallEngine", targets: ["RollcallEngine"]),
        .library(name: "RollcallCommands", targets: ["RollcallCommands"]),
        .library(name: "RollcallTestSupport", targets: ["RollcallTestSupport"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C libraries, each with the one target that may import it.
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CIconv"),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CPrefetch"),
        module("RollcallThreads", "Threads"),
        module("PostgresClient", "Postgres", ["CLibPQ", "RollcallThreads"]),
        module("CurlHTTP", "HTTP", ["CLibCurl"]),
        module("RollcallValues", "Values"),
        module(
            "RollcallExpressions",
            "Expressions",
            ["CPCRE2", "CSQLite", "PhoneNumbers", "RollcallCore", "RollcallValues"]
        ),
        module(
            "RollcallFiles",
            "Files",
            ["CIconv", "CXXHash", "CZlib", "CZstd", "RollcallCore", "RollcallThreads", crypto]
        ),

        // The core and the engine.
        module("RollcallCore", "Core"),
        module(
            "RollcallEngine",
            "Engine",
            ["PostgresCheckpoints", "RollcallCore", "RollcallLedger", "RollcallValues", crypto, yaml]
        ),
        module("RollcallLedger", "Ledger", ["CPrefetch", "CSodium", "RollcallCore", crypto]),
        module("PostgresCheckpoints", "Checkpoints", ["PostgresClient", "RollcallCore", "RollcallThreads"]),

        // Plug-ins and what they stand on.
        module("PhoneNumbers", "PhoneNumbers"),
        module(
            "RollcallTransforms",
            "Transforms",
            ["PhoneNumbers", "RollcallCore", "RollcallExpressions", "RollcallValues", crypto]
        ),
        module("PostgresSource", "Sources/Postgres", ["PostgresClient", "RollcallCore"]),
        module("CSVSource", "Sources/CSV", ["RollcallCore", "RollcallFiles"]),
        module("JSONSource", "Sources/JSON", ["RollcallCore", "RollcallFiles"]),
        module("DiscardSink", "Sinks/Discard", ["RollcallCore"]),
        module("JSONLinesSink", "Sinks/JSONLines", ["RollcallCore"]),
        module("GenesysCloud", "Genesys", ["CurlHTTP"]),
        module("GenesysContactListSink", "Sinks/GenesysContactList", ["GenesysCloud", "RollcallCore", crypto]),
        module(
            "BuiltIns",
            "BuiltIns",
            [
                "CSVSource", "DiscardSink", "GenesysContactListSink", "JSONLinesSink", "JSONSource",
                "PostgresSource", "RollcallEngine", "RollcallTransforms",
            ]
        ),

        // The program.
        module(
            "GenesysSimulator",
            "Simulator",
            [httpTypes, hummingbird, hummingbirdCore, lifecycle, logging, mustache, nioCore]
        ),
        module(
            "RollcallCommands",
            "Commands",
            [
                "BuiltIns", "CMalloc", "GenesysSimulator", "PostgresCheckpoints", "PostgresClient", "RollcallCore",
                "RollcallEngine", "RollcallLedger",
                arguments,
            ]
        ),
        .executableTarget(name: "rollcall", dependencies: ["RollcallCommands"], path: "Sources/CLI"),

        // Tests.
        module(
            "RollcallTestSupport",
            "TestSupport",
            ["PostgresCheckpoints", "PostgresClient", "RollcallCore", "RollcallEngine"],
            exclude: ["HTTP"]
        ),
        module("HTTPTestSupport", "TestSupport/HTTP"),
        .target(name: "PhoneOracle", dependencies: ["PhoneNumbers"], path: "Tests/Tools/PhoneOracle"),
        .executableTarget(
            name: "phone-check",
            dependencies: ["PhoneNumbers", "PhoneOracle"],
            path: "Tests/Tools/PhoneCheck"
        ),
        .testTarget(
            name: "PhoneNumbersTests",
            dependencies: ["PhoneNumbers", "PhoneOracle"],
            path: "Tests/PhoneNumbersTests",
            resources: [.copy("Fixtures")]
        ),
        tests(of: "PostgresClient", ["RollcallTestSupport"]),
        tests(of: "PostgresCheckpoints", ["PostgresClient", "RollcallCore", "RollcallTestSupport"]),
        tests(of: "CurlHTTP", ["HTTPTestSupport"]),
        tests(of: "GenesysCloud", ["CurlHTTP", "HTTPTestSupport"]),
        tests(of: "GenesysSimulator", ["GenesysCloud", lifecycle, logging, nioCore, nioHTTP, nioPosix]),
        tests(of: "RollcallTestSupport", ["RollcallCore"]),
        tests(of: "RollcallCore", ["RollcallTestSupport"]),
        tests(of: "RollcallFiles", ["CZstd", "RollcallCore", "RollcallTestSupport"]),
        tests(of: "RollcallExpressions", ["RollcallCore", "RollcallTestSupport"]),
        tests(of: "RollcallTransforms", ["BuiltIns", "RollcallCore", "RollcallEngine", "RollcallTestSupport"]),
        tests(of: "RollcallValues", ["RollcallTestSupport"]),
        tests(of: "PostgresSource", ["PostgresClient", "RollcallCore", "RollcallTestSupport"]),
        tests(of: "CSVSource", ["RollcallCore", "RollcallTestSupport"], exclude: ["oracle.py"]),
        tests(of: "JSONSource", ["RollcallCore", "RollcallTestSupport"], exclude: ["oracle.py"]),
        tests(of: "DiscardSink", ["RollcallCore", "RollcallTestSupport"]),
        tests(of: "JSONLinesSink", ["RollcallCore", "RollcallTestSupport"]),
        tests(of: "GenesysContactListSink", ["GenesysSimulator", "RollcallCore", "RollcallTestSupport"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["CurlHTTP", "PostgresClient", "RollcallTestSupport", "rollcall"]
        ),
        tests(
            of: "RollcallEngine",
            [
                "BuiltIns", "PostgresCheckpoints", "PostgresClient", "RollcallCore", "RollcallLedger",
                "RollcallTestSupport",
            ]
        ),
        tests(of: "RollcallLedger", ["RollcallCore", "RollcallTestSupport", crypto]),
    ]
)

for target in package.targets where [.regular, .executable, .test].contains(target.type) {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .strictMemorySafety(),
            .treatAllWarnings(as: .error),
        ]
}
