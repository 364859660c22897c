//! What Keras has and Tabgrad has not, each with the reason why.

const BASE: &str = "what the others are derived from, nothing by itself";
const CODE: &str = "code that a person writes in Python: a model here is data";
const VOLUMES: &str = "three axes of places: no data that a page takes has them";
const PICTURES: &str = "pictures are changed where data are read, in crates/data, before a model sees them";
const COLUMNS: &str = "columns are encoded where data are read, in crates/data, before a model sees them";
const SOUND: &str = "sound is none of the data that a page takes";
const CELLS: &str = "a cell alone: simple_rnn, lstm and gru are the layers around the three that there are";
const FILES: &str = "a page has no files to write to: the session keeps what is saved";
const PROGRESS: &str = "the page shows training as it goes";
const BEYOND: &str = "beyond the list of layers that Tabgrad holds to";
const ONE_DEVICE: &str = "about the hardware and libraries that Keras runs on: there is one engine here";
const NO_LORA: &str = "for fine-tuning models too large to train: a page's are trained whole";
const NO_QUANTIZATION: &str = "arithmetic is in f32 throughout";
const WEIGHTS: &str = "weights come with the state of a saved model, not with its description";
const FANS: &str =
    "inputs and outputs are counted from the shape of the kernel, or its equation, as in Keras by default";
const NUMBERS: &str = "a mean or sum of numbers, which compares nothing with a target";
const MODES: &str = "whether a model learns or predicts is said by what it is asked for";
const OWN_MASKS: &str =
    "masks travel with the tensors: masking and embedding make them, and layers pass them on";
const AN_INPUT: &str = "a tensor of the graph: one of the layer's inputs";
const BATCH: &str = "a row is compared with the other rows of its batch, as in Keras by default";
const BY_TARGET: &str = "known from the target";

/// `(list, kind, reason)`
pub const KINDS: &[(&str, &str, &str)] = &[
    ("layers", "Layer", BASE),
    ("layers", "Wrapper", BASE),
    ("layers", "InputSpec", BASE),
    ("losses", "Loss", BASE),
    ("metrics", "Metric", BASE),
    ("optimizers", "Optimizer", BASE),
    ("schedules", "LearningRateSchedule", BASE),
    ("initializers", "Initializer", BASE),
    ("constraints", "Constraint", BASE),
    ("regularizers", "Regularizer", BASE),
    ("callbacks", "Callback", BASE),
    ("callbacks", "CallbackList", BASE),
    ("layers", "InputLayer", "is called input, and stands in models without being on a menu"),
    ("layers", "Lambda", CODE),
    ("layers", "JaxLayer", CODE),
    ("layers", "FlaxLayer", CODE),
    ("layers", "TFSMLayer", CODE),
    ("layers", "TorchModuleWrapper", CODE),
    ("layers", "Pipeline", CODE),
    ("metrics", "MeanMetricWrapper", CODE),
    ("callbacks", "LambdaCallback", CODE),
    (
        "callbacks",
        "LearningRateScheduler",
        "schedules are arguments of the optimizer, so that they are saved with it",
    ),
    ("layers", "AveragePooling3D", VOLUMES),
    ("layers", "MaxPooling3D", VOLUMES),
    ("layers", "GlobalAveragePooling3D", VOLUMES),
    ("layers", "GlobalMaxPooling3D", VOLUMES),
    ("layers", "AdaptiveAveragePooling3D", VOLUMES),
    ("layers", "AdaptiveMaxPooling3D", VOLUMES),
    ("layers", "Conv3D", VOLUMES),
    ("layers", "Conv3DTranspose", VOLUMES),
    ("layers", "ConvLSTM3D", VOLUMES),
    ("layers", "Cropping3D", VOLUMES),
    ("layers", "ZeroPadding3D", VOLUMES),
    ("layers", "UpSampling3D", VOLUMES),
    ("layers", "SpatialDropout3D", VOLUMES),
    ("layers", "AugMix", PICTURES),
    ("layers", "AutoContrast", PICTURES),
    ("layers", "CenterCrop", PICTURES),
    ("layers", "ContrastLimitedAdaptiveHistogramEqualization", PICTURES),
    ("layers", "CutMix", PICTURES),
    ("layers", "Equalization", PICTURES),
    ("layers", "MaxNumBoundingBoxes", PICTURES),
    ("layers", "MixUp", PICTURES),
    ("layers", "RandAugment", PICTURES),
    ("layers", "RandomBrightness", PICTURES),
    ("layers", "RandomColorDegeneration", PICTURES),
    ("layers", "RandomColorJitter", PICTURES),
    ("layers", "RandomContrast", PICTURES),
    ("layers", "RandomCrop", PICTURES),
    ("layers", "RandomElasticTransform", PICTURES),
    ("layers", "RandomErasing", PICTURES),
    ("layers", "RandomFlip", PICTURES),
    ("layers", "RandomGaussianBlur", PICTURES),
    ("layers", "RandomGrayscale", PICTURES),
    ("layers", "RandomHue", PICTURES),
    ("layers", "RandomInvert", PICTURES),
    ("layers", "RandomPerspective", PICTURES),
    ("layers", "RandomPosterization", PICTURES),
    ("layers", "RandomRotation", PICTURES),
    ("layers", "RandomSaturation", PICTURES),
    ("layers", "RandomSharpness", PICTURES),
    ("layers", "RandomShear", PICTURES),
    ("layers", "RandomTranslation", PICTURES),
    ("layers", "RandomZoom", PICTURES),
    ("layers", "Resizing", PICTURES),
    ("layers", "Solarization", PICTURES),
    ("layers", "CategoryEncoding", COLUMNS),
    ("layers", "Discretization", COLUMNS),
    ("layers", "HashedCrossing", COLUMNS),
    ("layers", "Hashing", COLUMNS),
    ("layers", "IntegerLookup", COLUMNS),
    ("layers", "Normalization", COLUMNS),
    ("layers", "StringLookup", COLUMNS),
    ("layers", "TextVectorization", COLUMNS),
    ("layers", "MelSpectrogram", SOUND),
    ("layers", "STFTSpectrogram", SOUND),
    ("initializers", "STFT", SOUND),
    ("layers", "RNN", CELLS),
    ("layers", "SimpleRNNCell", CELLS),
    ("layers", "LSTMCell", CELLS),
    ("layers", "GRUCell", CELLS),
    ("layers", "StackedRNNCells", CELLS),
    ("layers", "ConvLSTM1D", BEYOND),
    ("layers", "ConvLSTM2D", BEYOND),
    ("layers", "SpectralNormalization", BEYOND),
    ("layers", "AdaptiveAveragePooling1D", BEYOND),
    ("layers", "AdaptiveAveragePooling2D", BEYOND),
    ("layers", "AdaptiveMaxPooling1D", BEYOND),
    ("layers", "AdaptiveMaxPooling2D", BEYOND),
    ("metrics", "Mean", NUMBERS),
    ("metrics", "Sum", NUMBERS),
    ("metrics", "OneHotIoU", "classes are numbers in the target, always: io_u"),
    ("metrics", "OneHotMeanIoU", "classes are numbers in the target, always: mean_io_u"),
    ("optimizers", "LossScaleOptimizer", NO_QUANTIZATION),
    ("optimizers", "MultiOptimizer", "layers have a learning_rate_multiplier, and may be frozen"),
    ("optimizers", "OptimizerMap", "layers have a learning_rate_multiplier, and may be frozen"),
    (
        "optimizers",
        "ScheduleFreeAdamW",
        "beyond the list of optimizers that Tabgrad holds to: use_ema averages weights too",
    ),
    ("callbacks", "BackupAndRestore", FILES),
    ("callbacks", "OrbaxCheckpoint", FILES),
    ("callbacks", "RemoteMonitor", "nothing leaves the machine"),
    ("callbacks", "TensorBoard", PROGRESS),
    ("callbacks", "ProgbarLogger", PROGRESS),
    ("callbacks", "History", "every training has one, without asking"),
];

/// `(list/kind or list/*, argument, reason)`
pub const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("*", "data_format", "channels are last, always: the one order that the kernels have"),
    ("*", "name", "every layer has one, beside its arguments; what is a list in a model goes by its place"),
    ("*", "dtype", "arithmetic is in f32 throughout"),
    ("*", "seed", "one seed for the whole training, and streams of its own for every layer"),
    ("layers/*", "quantization_config", NO_QUANTIZATION),
    ("layers/*", "lora_rank", NO_LORA),
    ("layers/*", "lora_alpha", NO_LORA),
    ("layers/EinsumDense", "gptq_unpacked_column_size", NO_QUANTIZATION),
    ("layers/ReversibleEmbedding", "reverse_dtype", NO_QUANTIZATION),
    ("layers/ReversibleEmbedding", "tie_weights", "weights that are not shared are those of a dense layer"),
    ("layers/Embedding", "weights", WEIGHTS),
    ("layers/Bidirectional", "weights", WEIGHTS),
    ("layers/BatchNormalization", "synchronized", ONE_DEVICE),
    ("layers/*", "flash_attention", ONE_DEVICE),
    ("layers/*", "training", MODES),
    ("layers/*", "mask", OWN_MASKS),
    ("layers/*", "query_mask", OWN_MASKS),
    ("layers/*", "value_mask", OWN_MASKS),
    ("layers/*", "key_mask", OWN_MASKS),
    ("layers/*", "value", AN_INPUT),
    ("layers/*", "key", AN_INPUT),
    ("layers/*", "initial_state", AN_INPUT),
    ("layers/*", "attention_mask", "the last input of the layer where use_attention_mask says so"),
    ("layers/ReversibleEmbedding", "reverse", "the layer at a further place, with shares, is the way back"),
    ("every_layer/Layer", "autocast", "arithmetic is in f32 throughout"),
    ("losses_functions/circle", "ref_labels", BATCH),
    ("losses_functions/circle", "ref_embeddings", BATCH),
    (
        "metrics_functions/sparse_top_k_categorical_accuracy",
        "from_sorted_ids",
        "a list of classes has no gradient: no loss is of such outputs",
    ),
    (
        "metrics_functions/*",
        "axis",
        "classes and vectors are along the axis of the loss, by default the last",
    ),
    ("layers/*", "use_cudnn", ONE_DEVICE),
    ("layers/*", "unroll", "how Keras' graph is written; steps are one loop here"),
    (
        "layers/*",
        "stateful",
        "rows are shuffled, so that what follows a row in the next batch is no sequel of it",
    ),
    ("initializers/*", "input_axes", FANS),
    ("initializers/*", "output_axes", FANS),
    ("metrics/*", "axis", "classes and vectors are along the axis of the loss, by default the last"),
    ("metrics/*", "num_classes", BY_TARGET),
    ("metrics/*", "sparse_y_true", BY_TARGET),
    ("metrics/*", "sparse_y_pred", BY_TARGET),
    ("metrics/AUC", "num_labels", BY_TARGET),
    (
        "metrics/SparseTopKCategoricalAccuracy",
        "from_sorted_ids",
        "a list of classes has no gradient: no loss is of such outputs",
    ),
    ("optimizers/*", "loss_scale_factor", "gradients are f32 and do not underflow"),
    ("callbacks/*", "verbose", PROGRESS),
    ("callbacks/CSVLogger", "filename", FILES),
    ("callbacks/CSVLogger", "append", FILES),
    ("callbacks/ModelCheckpoint", "filepath", FILES),
    (
        "callbacks/ModelCheckpoint",
        "save_weights_only",
        "a checkpoint is what training goes on from; weights alone are taken from any saved model",
    ),
    (
        "callbacks/TerminateOnNaN",
        "raise_error",
        "training ends and says why: there is nobody to catch an error",
    ),
];

/// `(list/kind, argument, reason)`: arguments whose default is another.
pub const DEFAULTS: &[(&str, &str, &str)] = &[
    ("layers/Embedding", "embeddings_initializer", "uniform is Keras' short name of random_uniform"),
    (
        "layers/ReversibleEmbedding",
        "embeddings_initializer",
        "uniform is Keras' short name of random_uniform",
    ),
    ("layers/PReLU", "alpha_initializer", "Zeros is Keras' class of zeros"),
    ("metrics_functions/binary_accuracy", "threshold", "nothing said is 0.5, of probabilities"),
    ("metrics/BinaryAccuracy", "threshold", "nothing said is 0.5, of probabilities"),
    ("metrics/BinaryIoU", "threshold", "nothing said is 0.5, of probabilities"),
    ("metrics/BinaryIoU", "target_class_ids", "nothing said is both classes"),
    ("optimizers/Muon", "exclude_layers", "an empty list is none"),
];
