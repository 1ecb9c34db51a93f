// swift-tools-version: 6.2
import PackageDescription

/// Numeric loops are useless at -O0: the kernels and the reference interpreter are optimised in
/// every configuration, so that the tests of a debug build stay quick.
let optimisedC: [CSetting] = [.unsafeFlags(["-O3", "-Wall", "-Wextra"])]
let optimisedSwift: [SwiftSetting] = [.unsafeFlags(["-O"])]

let package = Package(
  name: "dcgan",
  products: [
    .executable(name: "dcgan-compile", targets: ["dcgan-compile"]),
    .executable(name: "dcgan-run", targets: ["dcgan-run"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // System libraries.
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // The compiler: from a YAML file to a program of primitive ops.
    .target(name: "Diagnostics"),
    .target(name: "Document", dependencies: ["CYAML", "Diagnostics"]),
    .target(name: "Decoding", dependencies: ["Document", "Diagnostics"]),
    .target(name: "Program"),
    .target(name: "Autodiff", dependencies: ["Program"]),
    .target(name: "Layers", dependencies: ["Decoding", "Diagnostics", "Program"]),
    .target(name: "Spec", dependencies: ["Layers", "Decoding", "Document", "Diagnostics"]),
    .target(name: "Schema", dependencies: ["Spec", "Decoding", "Diagnostics"]),
    .target(name: "LayerGraph", dependencies: ["Spec", "Layers", "Program", "Diagnostics"]),
    .target(
      name: "Guidelines", dependencies: ["Spec", "Layers", "Decoding", "Diagnostics"]),
    .target(
      name: "Compiler",
      dependencies: ["Guidelines", "LayerGraph", "Spec", "Decoding", "Document", "Diagnostics"]),

    // What is made of specs besides programs.
    .target(name: "Authoring"),
    .target(
      name: "Comparison",
      dependencies: ["LayerGraph", "Spec", "Layers", "Decoding", "Program", "Diagnostics"]),
    .target(name: "Pictures", dependencies: ["LayerGraph", "Spec", "Layers", "Diagnostics"]),

    // The runtime: two executors of the same program.
    .target(name: "Reference", dependencies: ["Program"], swiftSettings: optimisedSwift),
    .target(name: "CKernels", cSettings: optimisedC),
    .target(name: "Runtime", dependencies: ["Program", "CKernels"]),

    // Data, files, training.
    .target(name: "Interchange"),
    .target(
      name: "CImages", dependencies: ["CPNG"], cSettings: optimisedC,
      linkerSettings: [.linkedLibrary("png")]),
    .target(name: "Images", dependencies: ["CImages"]),
    .target(
      name: "Datasets", dependencies: ["CZlib", "Interchange"], swiftSettings: optimisedSwift),
    .target(
      name: "Training",
      dependencies: [
        "Compiler", "LayerGraph", "Spec", "Layers", "Autodiff", "Reference", "Runtime", "Datasets",
        "Images", "Interchange", "Diagnostics",
      ]),

    // Commands.
    .target(
      name: "Terminal",
      dependencies: [
        "Diagnostics", "Spec", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "dcgan-compile",
      dependencies: [
        "Authoring", "Comparison", "Compiler", "Diagnostics", "Document", "Interchange",
        "LayerGraph", "Pictures", "Schema", "Spec", "Terminal", "Training",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "dcgan-run",
      dependencies: [
        "Compiler", "Diagnostics", "LayerGraph", "Program", "Runtime", "Spec", "Terminal",
        "Training", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests.
    .target(name: "TestSupport", path: "Tests/Support"),
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    .testTarget(name: "DocumentTests", dependencies: ["Document", "TestSupport"]),
    .testTarget(name: "DecodingTests", dependencies: ["Decoding"]),
    .testTarget(name: "ProgramTests", dependencies: ["Program"]),
    .testTarget(name: "AutodiffTests", dependencies: ["Autodiff", "Reference"]),
    .testTarget(name: "ReferenceTests", dependencies: ["Reference"]),
    .testTarget(name: "LayersTests", dependencies: ["Layers", "Autodiff", "Reference"]),
    .testTarget(name: "SpecTests", dependencies: ["Spec"]),
    .testTarget(
      name: "SchemaTests", dependencies: ["Schema", "Spec", "Decoding", "Document", "Diagnostics"]),
    .testTarget(name: "LayerGraphTests", dependencies: ["LayerGraph", "Reference"]),
    .testTarget(name: "GuidelinesTests", dependencies: ["Guidelines", "LayerGraph"]),
    .testTarget(name: "AuthoringTests", dependencies: ["Authoring", "Compiler", "LayerGraph"]),
    .testTarget(name: "ComparisonTests", dependencies: ["Comparison", "Compiler", "Training"]),
    .testTarget(name: "PicturesTests", dependencies: ["Pictures", "Compiler"]),
    .testTarget(
      name: "CompilerTests", dependencies: ["Compiler", "Document", "Guidelines", "Spec"]),
    .testTarget(
      name: "RuntimeTests",
      dependencies: ["Runtime", "CKernels", "Reference", "Autodiff", "TestSupport"],
      swiftSettings: optimisedSwift),
    .testTarget(name: "ImagesTests", dependencies: ["Images"]),
    .testTarget(
      name: "DatasetsTests", dependencies: ["Datasets", "Interchange", "CZlib", "TestSupport"]),
    .testTarget(name: "InterchangeTests", dependencies: ["Interchange", "TestSupport"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "Compiler", "Datasets", "Runtime", "Interchange", "Reference", "Spec",
        "Layers", "Program", "Diagnostics", "TestSupport",
      ],
      swiftSettings: optimisedSwift),
    .testTarget(
      name: "ConformanceTests",
      dependencies: [
        "Training", "Compiler", "LayerGraph", "Spec", "Layers", "Decoding", "Document",
        "Diagnostics", "Program", "Reference", "Runtime", "Autodiff", "Interchange",
      ],
      swiftSettings: optimisedSwift),
    .testTarget(
      name: "CommandTests",
      dependencies: ["dcgan-compile", "dcgan-run", "Training", "Interchange", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)

// Only `make fuzz` asks for these: libFuzzer brings a `main` of its own.
if Context.environment["DCGAN_FUZZ"] != nil {
  package.targets += [
    .target(
      name: "FrontEndFuzzer", dependencies: ["Compiler", "Diagnostics", "LayerGraph", "Spec"],
      path: "Fuzz/FrontEnd"),
    .executableTarget(
      name: "front-end-fuzzer", dependencies: ["FrontEndFuzzer"], path: "Fuzz/Entry"),
  ]
}
