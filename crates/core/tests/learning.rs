//! The models of `tests/learning` learn, natively; `tests/wasm/learning.rs` trains the same in Chromium.

#[path = "../../../tests/learning/mod.rs"]
mod learning;

/// A test for each case of the list, so that they run side by side.
macro_rules! learns {
    ($($test:ident: $case:literal;)+) => {
        $( #[test] fn $test() { println!("{}", learning::learns($case)); } )+

        #[test]
        fn every_case_is_tried() {
            let listed: Vec<&str> = learning::every_case().into_iter().map(|(name, _)| name).collect();
            assert_eq!(listed, [$($case),+]);
        }
    };
}
learns! {
    an_lstm_copies: "LSTM: copy";
    an_lstm_reverses: "LSTM: reverse";
    an_lstm_adds: "LSTM: modular addition";
    an_lstm_tells_balanced_parentheses: "LSTM: parentheses";
    a_gpt_copies: "GPT: copy";
    a_gpt_reverses: "GPT: reverse";
    a_gpt_adds_what_it_never_saw_added: "GPT: modular addition";
    a_gpt_tells_balanced_parentheses: "GPT: parentheses";
    two_towers_recommend: "two towers";
    a_small_vgg_reads_digits: "digits: VGG";
    a_residual_network_reads_digits: "digits: residual network";
    an_autoencoder_restores_digits_from_a_quarter_of_their_numbers: "digits: autoencoder";
}
