// swift-tools-version: 6.2
import PackageDescription

/// A plug-in's library: everything it may import is named here, so the compiler proves the architecture.
func module(_ name: String, path: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(path)", exclude: [], resources: resources)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name), "RollcallTestSupport"] + dependencies,
        path: "Tests/\(name)Tests"
    )
}

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "rollcall",
    products: [
        .library(name: "RollcallCore", targets: ["RollcallCore"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),

        module("PostgresClient", path: "Postgres", ["CLibPQ"]),
        module("CurlHTTP", path: "HTTP", ["CLibCurl"]),
        module("RollcallCore", path: "Core", []),
        module("RollcallExpressions", path: "Expressions", ["RollcallCore", "CSQLite"]),
        module("RollcallTransforms", path: "Transforms", ["RollcallCore", "RollcallExpressions"]),
        module("PostgresSource", path: "Sources/Postgres", ["RollcallCore", "PostgresClient"]),
        .target(name: "RollcallTestSupport", dependencies: ["RollcallCore"], path: "Sources/TestSupport", exclude: ["HTTP"]),
        tests("RollcallCore", []),
        tests("RollcallExpressions", []),
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
