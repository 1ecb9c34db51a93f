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
  traits: [
    .trait(name: "Faces", description: "`dcgan-run SPEC data faces`, by OpenCV")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  // The wings of Sources, from the bottom up: a target needs only others of its own wing and of
  // the wings above it in this list. `scripts/check-imports` holds every import to it.
  targets: [
    // System: libraries of the operating system, files on disk.
    .systemLibrary(
      name: "CYAML", path: "Sources/System/CYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "CPNG", path: "Sources/System/CPNG", pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CZlib", path: "Sources/System/CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CJPEG", path: "Sources/System/CJPEG", pkgConfig: "libturbojpeg",
      providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(
      name: "CWebP", path: "Sources/System/CWebP", pkgConfig: "libwebpdemux",
      providers: [.apt(["libwebp-dev"])]),
    .systemLibrary(
      name: "CEXIF", path: "Sources/System/CEXIF", pkgConfig: "libexif",
      providers: [.apt(["libexif-dev"])]),
    .systemLibrary(
      name: "CLMDB", path: "Sources/System/CLMDB", pkgConfig: "lmdb",
      providers: [.apt(["liblmdb-dev"])]),
    .systemLibrary(
      name: "CArchive", path: "Sources/System/CArchive", pkgConfig: "libarchive",
      providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(
      name: "CMATLAB", path: "Sources/System/CMATLAB", pkgConfig: "matio",
      providers: [.apt(["libmatio-dev"])]),
    .systemLibrary(
      name: "CCURL", path: "Sources/System/CCURL", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "CLapack", path: "Sources/System/CLapack", providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(
      name: "CLinear", path: "Sources/System/CLinear", providers: [.apt(["liblinear-dev"])]),
    .target(name: "Files", path: "Sources/System/Files"),

    // Program: tensors, primitive ops, gradients; nothing about YAML or GANs.
    .target(name: "Program", path: "Sources/Program/Program"),
    .target(name: "Autodiff", dependencies: ["Program"], path: "Sources/Program/Autodiff"),
    .target(name: "StableHLO", dependencies: ["Program"], path: "Sources/Program/StableHLO"),

    // Execution: devices that run programs; they know nothing of YAML or layers.
    .target(name: "Device", dependencies: ["Files", "Program"], path: "Sources/Execution/Device"),
    .target(
      name: "Reference", dependencies: ["Device", "Program"], path: "Sources/Execution/Reference",
      swiftSettings: optimisedSwift),
    .target(name: "CKernels", path: "Sources/Execution/CKernels", cSettings: optimisedC),
    .target(
      name: "CPU", dependencies: ["Files", "Device", "Program", "CKernels"],
      path: "Sources/Execution/CPU"),
    .target(
      name: "CPJRT", path: "Sources/Execution/CPJRT", cSettings: optimisedC,
      linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "CMPI", path: "Sources/Execution/CMPI", cSettings: optimisedC,
      linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "Collective", dependencies: ["Files", "CMPI"], path: "Sources/Execution/Collective",
      swiftSettings: optimisedSwift),
    .target(
      name: "PJRT", dependencies: ["Files", "Device", "Program", "StableHLO", "CPJRT"],
      path: "Sources/Execution/PJRT"),

    // FrontEnd: from the bytes of a spec to its layer graph, and what else is made of specs.
    .target(
      name: "Diagnostics", dependencies: ["Files"], path: "Sources/FrontEnd/Diagnostics"),
    .target(
      name: "Document", dependencies: ["Files", "CYAML", "Diagnostics"],
      path: "Sources/FrontEnd/Document"),
    .target(
      name: "Decoding", dependencies: ["Document", "Diagnostics"],
      path: "Sources/FrontEnd/Decoding"),
    .target(
      name: "Layers", dependencies: ["Decoding", "Document", "Diagnostics", "Program"],
      path: "Sources/FrontEnd/Layers"),
    .target(
      name: "Objectives", dependencies: ["Decoding", "Program"],
      path: "Sources/FrontEnd/Objectives"),
    .target(
      name: "Optimizers", dependencies: ["Decoding", "Program"],
      path: "Sources/FrontEnd/Optimizers"),
    .target(
      name: "Spec",
      dependencies: [
        "Files",
        "Layers", "Objectives", "Optimizers", "Decoding", "Document", "Diagnostics",
      ],
      path: "Sources/FrontEnd/Spec", plugins: ["EmbedSpecs"]),
    .target(
      name: "Schema", dependencies: ["Spec", "Decoding", "Diagnostics", "Files", "Layers"],
      path: "Sources/FrontEnd/Schema"),
    .target(
      name: "LayerGraph",
      dependencies: ["Files", "Spec", "Layers", "Decoding", "Program", "Diagnostics"],
      path: "Sources/FrontEnd/LayerGraph"),
    .target(
      name: "Guidelines",
      dependencies: ["Spec", "Layers", "Optimizers", "Decoding", "Diagnostics"],
      path: "Sources/FrontEnd/Guidelines"),
    .target(
      name: "Compiler",
      dependencies: ["Guidelines", "LayerGraph", "Spec", "Decoding", "Document", "Diagnostics"],
      path: "Sources/FrontEnd/Compiler"),
    .target(name: "Authoring", path: "Sources/FrontEnd/Authoring"),
    .target(
      name: "Comparison", dependencies: ["Files", "LayerGraph", "Spec", "Layers", "Decoding"],
      path: "Sources/FrontEnd/Comparison"),
    .target(
      name: "Pictures", dependencies: ["Files", "LayerGraph", "Spec", "Layers"],
      path: "Sources/FrontEnd/Pictures"),

    // Model: training and sampling steps as programs; no runtime.
    .target(
      name: "Model",
      dependencies: [
        "Files",
        "LayerGraph", "Spec", "Layers", "Objectives", "Optimizers", "Autodiff", "Program", "Device",
      ],
      path: "Sources/Model"),

    // Interchange: formats of tensors that other programs read.
    .target(
      name: "Interchange", dependencies: ["CZlib", "Files"], path: "Sources/Interchange"),

    // Data: images and data sets.
    .target(
      name: "CImages", dependencies: ["CPNG", "CJPEG", "CWebP", "CEXIF"],
      path: "Sources/Data/CImages", cSettings: optimisedC,
      linkerSettings: ["png", "turbojpeg", "webp", "webpdemux", "exif"].map { .linkedLibrary($0) }),
    .target(
      name: "Images", dependencies: ["CImages", "CWebP", "Spec", "Files"],
      path: "Sources/Data/Images",
      swiftSettings: optimisedSwift),
    .target(
      name: "CTransfer", dependencies: ["CCURL"], path: "Sources/Data/CTransfer",
      cSettings: optimisedC, linkerSettings: [.linkedLibrary("curl")]),
    .target(
      name: "Datasets",
      dependencies: [
        "Spec", "Images", "Program", "CZlib", "CLMDB", "CArchive", "CMATLAB", "CTransfer",
        "Files",
      ],
      path: "Sources/Data/Datasets",
      swiftSettings: optimisedSwift),

    // Training: a run from its first step to its last checkpoint, and samples from it.
    .target(
      name: "Training",
      dependencies: [
        "Collective",
        "Model", "Comparison", "Compiler", "LayerGraph", "Spec", "Layers", "Program", "Device",
        "Datasets", "Decoding", "Images", "Interchange", "Files", "Diagnostics",
      ],
      path: "Sources/Training"),

    // C++, so that OpenCV can be called; without the trait it needs nothing.
    .target(
      name: "CFaces", path: "Sources/Data/CFaces",
      cxxSettings: [
        .define("DCGAN_FACES", .when(traits: ["Faces"])),
        .unsafeFlags(["-I/usr/include/opencv4"], .when(traits: ["Faces"])),
      ],
      linkerSettings: ["core", "imgproc", "objdetect"].map {
        .linkedLibrary("opencv_\($0)", .when(traits: ["Faces"]))
      }),

    // Studies: experiments on data and trained networks.
    .target(
      name: "Studies",
      dependencies: [
        "Training", "CFaces", "CLapack", "CLinear", "Datasets", "Images", "Model", "LayerGraph",
        "Spec",
        "Decoding", "Document", "Interchange", "Diagnostics", "Program", "Device", "Files",
      ],
      path: "Sources/Studies"),

    // Reports: what is measured of specs and runs.
    .target(
      name: "Reports",
      dependencies: [
        "Training", "Datasets", "Images", "Files", "Model", "LayerGraph", "Pictures", "Compiler",
        "Diagnostics", "Document", "Spec", "Program", "Device", "Reference",
      ],
      path: "Sources/Reports"),

    // Commands.
    .target(
      name: "Terminal",
      dependencies: [
        "Files",
        "Diagnostics", "Spec", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/Commands/Terminal"),
    .executableTarget(
      name: "dcgan-compile",
      dependencies: [
        "Authoring", "Comparison", "Compiler", "Datasets", "Diagnostics", "Document", "Files",
        "CPU", "LayerGraph", "Model", "Pictures", "Schema", "Spec", "StableHLO", "Terminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/Commands/dcgan-compile"),
    .executableTarget(
      name: "dcgan-run",
      dependencies: [
        "Files",
        "Compiler", "Datasets", "Diagnostics", "LayerGraph", "Program", "Device", "CPU", "Model",
        "Collective", "PJRT", "Reference", "StableHLO",
        "Images", "Reports", "Studies", "Spec", "Terminal", "Training",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/Commands/dcgan-run"),

    // While building: the shipped specs become part of the program.
    .plugin(
      name: "EmbedSpecs", capability: .buildTool(), dependencies: ["embed-specs"],
      path: "Plugins/EmbedSpecs"),
    .executableTarget(name: "embed-specs", path: "Plugins/embed-specs"),

    // Tests.
    .target(
      name: "TestSupport", dependencies: ["CJPEG", "CWebP", "CLMDB", "CMATLAB", "CZlib"],
      path: "Tests/Support",
      linkerSettings: [.linkedLibrary("webp")]),
    .testTarget(
      name: "FilesTests",
      dependencies: ["Files", "TestSupport"]),
    .testTarget(
      name: "DiagnosticsTests",
      dependencies: ["Files", "Diagnostics"]),
    .testTarget(
      name: "DocumentTests",
      dependencies: ["Diagnostics", "Document", "TestSupport"]),
    .testTarget(
      name: "DecodingTests",
      dependencies: ["Decoding", "Diagnostics", "Document"]),
    .testTarget(
      name: "ProgramTests",
      dependencies: ["Program"]),
    .testTarget(
      name: "AutodiffTests",
      dependencies: ["Autodiff", "Program", "Reference"]),
    .testTarget(
      name: "ReferenceTests",
      dependencies: ["Program", "Reference"]),
    .target(
      name: "DeviceSupport", dependencies: ["Collective", "Device", "PJRT"],
      path: "Tests/DeviceSupport"),
    .testTarget(
      name: "DeviceTests",
      dependencies: ["CPU", "Device", "DeviceSupport", "Program", "Reference"]),
    .testTarget(name: "CollectiveTests", dependencies: ["Collective", "DeviceSupport"]),
    .testTarget(
      name: "StableHLOTests",
      dependencies: [
        "CPU", "Compiler", "Device", "DeviceSupport", "Interchange", "LayerGraph", "Model",
        "Program", "Spec", "StableHLO", "TestSupport", "Training",
      ],
      swiftSettings: optimisedSwift),
    .testTarget(
      name: "PJRTTests",
      dependencies: ["Collective", "Device", "DeviceSupport", "PJRT", "Program", "TestSupport"],
      exclude: ["FakePlugin.c"]),
    .testTarget(
      name: "StudiesTests",
      dependencies: [
        "CPU", "Compiler", "Datasets", "Diagnostics", "Device", "Images", "Model", "Program",
        "Spec", "Studies", "TestSupport",
        "Training",
      ],
      swiftSettings: optimisedSwift),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Compiler", "CPU", "Device", "Diagnostics", "Program", "Reference", "Reports",
        "TestSupport",
        "Training",
      ],
      swiftSettings: optimisedSwift),
    .testTarget(
      name: "LayersTests",
      dependencies: [
        "Autodiff", "Decoding", "Diagnostics", "Document", "Layers", "Program", "Reference",
      ]),
    .testTarget(
      name: "SpecTests",
      dependencies: ["Diagnostics", "Document", "Layers", "Optimizers", "Spec"]),
    .testTarget(
      name: "SchemaTests",
      dependencies: ["Decoding", "Diagnostics", "Document", "Layers", "Schema", "Spec"]),
    .testTarget(
      name: "LayerGraphTests",
      dependencies: [
        "Diagnostics", "Document", "LayerGraph", "Layers", "Program", "Reference", "Spec",
      ]),
    .testTarget(
      name: "GuidelinesTests",
      dependencies: ["Diagnostics", "Document", "Guidelines", "LayerGraph", "Spec"]),
    .testTarget(
      name: "AuthoringTests",
      dependencies: ["Authoring", "Compiler", "Diagnostics", "Spec"]),
    .testTarget(
      name: "ComparisonTests",
      dependencies: ["Comparison", "Compiler", "Diagnostics", "Model"]),
    .testTarget(
      name: "PicturesTests",
      dependencies: ["Compiler", "Diagnostics", "LayerGraph", "Pictures"]),
    .testTarget(
      name: "CompilerTests",
      dependencies: ["Authoring", "Compiler", "Diagnostics", "Document", "LayerGraph", "Spec"]),
    .testTarget(
      name: "CPUTests",
      dependencies: [
        "Autodiff", "CKernels", "CPU", "Files", "Program", "Reference", "TestSupport",
      ],
      swiftSettings: optimisedSwift),
    .testTarget(
      name: "ModelTests",
      dependencies: [
        "Autodiff", "Compiler", "Diagnostics", "LayerGraph", "Layers", "Model", "Objectives",
        "Optimizers",
        "Program", "Reference", "Spec",
      ],
      swiftSettings: optimisedSwift),
    .testTarget(
      name: "ImagesTests",
      dependencies: ["Images", "Spec", "TestSupport"]),
    .testTarget(
      name: "DatasetsTests",
      dependencies: ["Files", "CZlib", "Datasets", "Images", "Spec", "TestSupport"]),
    .testTarget(
      name: "InterchangeTests",
      dependencies: ["Interchange", "TestSupport"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Collective", "DeviceSupport",
        "CPU", "Compiler", "Datasets", "Device", "Diagnostics", "Document", "Files", "Interchange",
        "LayerGraph",
        "Model", "Program", "Spec", "TestSupport", "Training",
      ],
      swiftSettings: optimisedSwift),
    .testTarget(
      name: "ConformanceTests",
      dependencies: [
        "Autodiff", "CPU", "Compiler", "Decoding", "Device", "DeviceSupport", "Diagnostics",
        "Document",
        "Interchange", "LayerGraph", "Layers", "Model", "Objectives", "Optimizers", "Program",
        "Reference", "Spec",
      ],
      swiftSettings: optimisedSwift),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "Diagnostics", "Interchange", "Studies", "Terminal", "TestSupport",
        "dcgan-compile", "dcgan-run",
      ]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)

// Only `make fuzz` asks for these: libFuzzer brings a `main` of its own.
if Context.environment["DCGAN_FUZZ"] != nil {
  // Not for the whole build: the tool that embeds the specs has a `main`, too.
  let fuzzer: [LinkerSetting] = [.unsafeFlags(["-sanitize=fuzzer"])]
  package.targets += [
    .target(
      name: "FrontEndFuzzer", dependencies: ["Compiler", "Diagnostics", "LayerGraph", "Spec"],
      path: "Fuzz/FrontEnd"),
    .target(
      name: "CheckpointFuzzer", dependencies: ["Files", "Interchange", "Training"],
      path: "Fuzz/Checkpoint"),
    .target(name: "IDXFuzzer", dependencies: ["Datasets", "Files"], path: "Fuzz/IDX"),
    .target(
      name: "DataFuzzer", dependencies: ["Datasets", "Files", "Spec"], path: "Fuzz/Data"),
    .executableTarget(
      name: "front-end-fuzzer", dependencies: ["FrontEndFuzzer"],
      path: "Fuzz/Entries/front-end", linkerSettings: fuzzer),
    .executableTarget(
      name: "checkpoint-fuzzer", dependencies: ["CheckpointFuzzer"],
      path: "Fuzz/Entries/checkpoint", linkerSettings: fuzzer),
    .executableTarget(
      name: "data-fuzzer", dependencies: ["DataFuzzer"], path: "Fuzz/Entries/data",
      linkerSettings: fuzzer),
    .executableTarget(
      name: "idx-fuzzer", dependencies: ["IDXFuzzer"], path: "Fuzz/Entries/idx",
      linkerSettings: fuzzer),
  ]
}
