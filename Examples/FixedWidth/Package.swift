// swift-tools-version: 6.2
import PackageDescription

// Plug-ins of a third party: a library with them, and a program that is Rollcall with these added.
// A package of your own names Rollcall by its URL and version where this one has a path.

let package = Package(
    name: "rollcall-fixed-width",
    products: [
        .library(name: "FixedWidth", targets: ["FixedWidth"]),
        .executable(name: "rollcall-fixed-width", targets: ["rollcall-fixed-width"]),
    ],
    dependencies: [.package(name: "rollcall", path: "../..")],
    targets: [
        .target(name: "FixedWidth", dependencies: [.product(name: "RollcallCore", package: "rollcall")]),
        .executableTarget(
            name: "rollcall-fixed-width",
            dependencies: [
                "FixedWidth", .product(name: "RollcallCommands", package: "rollcall"),
                .product(name: "RollcallEngine", package: "rollcall"),
            ]
        ),
        .testTarget(
            name: "FixedWidthTests",
            dependencies: [
                "FixedWidth", .product(name: "RollcallCore", package: "rollcall"),
                .product(name: "RollcallTestSupport", package: "rollcall"),
            ]
        ),
    ]
)

for target in package.targets {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
    ]
}
