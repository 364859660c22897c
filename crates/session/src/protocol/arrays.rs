//! Number arrays inside events, taken out so that they can travel as typed arrays instead of lists.

use super::{Evaluation, Event, Report, Sample, UnitMaps};

/// One step of the way to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A field.
    Name(&'static str),
    /// An element of a list.
    Index(usize),
}

/// A number array and what it is on the other side.
#[derive(Clone, Debug, PartialEq)]
pub enum Numbers {
    /// `Float32Array`
    F32(Vec<f32>),
    /// `Uint32Array`
    U32(Vec<u32>),
    /// `Uint8Array`
    U8(Vec<u8>),
    /// `ArrayBuffer`
    Buffer(Vec<u8>),
}

/// Arrays found so far, each with the way to it.
#[derive(Default)]
struct Found(Vec<(Vec<Key>, Numbers)>);

impl Found {
    fn f32(&mut self, way: &[Key], values: &mut Vec<f32>) {
        self.0.push((way.to_vec(), Numbers::F32(std::mem::take(values))));
    }

    fn maps(&mut self, way: &[Key], maps: &mut UnitMaps) {
        self.f32(&[way, &[Key::Name("values")]].concat(), &mut maps.values);
    }

    fn sample(&mut self, way: &[Key], sample: &mut Sample) {
        self.f32(&[way, &[Key::Name("input"), Key::Name("values")]].concat(), &mut sample.input.values);
        for (index, layer) in sample.layers.iter_mut().enumerate() {
            if let Some(layer) = layer {
                let way = [way, &[Key::Name("layers"), Key::Index(index), Key::Name("values")]].concat();
                self.f32(&way, &mut layer.values);
            }
        }
    }

    fn report(&mut self, report: &mut Report) {
        use Key::{Index, Name};
        if let Some(of) = &mut report.classification {
            for (index, class) in of.classes.iter_mut().enumerate() {
                let Some(curves) = &mut class.curves else { continue };
                let at = |field| {
                    [
                        Name("report"),
                        Name("classification"),
                        Name("classes"),
                        Index(index),
                        Name("curves"),
                        field,
                    ]
                };
                self.f32(&at(Name("roc")), &mut curves.roc);
                self.f32(&at(Name("precision_recall")), &mut curves.precision_recall);
            }
        }
        if let Some(of) = &mut report.regression {
            let at = |field| [Name("report"), Name("regression"), field];
            self.f32(&at(Name("truth")), &mut of.truth);
            self.f32(&at(Name("predicted")), &mut of.predicted);
        }
    }

    fn confusion(&mut self, way: &[Key], evaluation: &mut Evaluation) {
        if let Some(counts) = &mut evaluation.confusion {
            let way = [way, &[Key::Name("confusion")]].concat();
            self.0.push((way, Numbers::U32(std::mem::take(counts))));
        }
        for (index, counts) in evaluation.confusions.iter_mut().flatten().enumerate() {
            if let Some(counts) = counts {
                let way = [way, &[Key::Name("confusions"), Key::Index(index)]].concat();
                self.0.push((way, Numbers::U32(std::mem::take(counts))));
            }
        }
    }
}

impl Event {
    /// Takes every number array out of the event and leaves an empty list in its place; with each comes the way to put
    /// it back.
    pub fn take_arrays(&mut self) -> Vec<(Vec<Key>, Numbers)> {
        use Key::{Index, Name};
        let mut found = Found::default();
        match self {
            Self::Points { points: Some(points) } => {
                let at = |field| [Name("points"), Name(field)];
                found.f32(&at("x"), &mut points.x);
                found.f32(&at("y"), &mut points.y);
                found.f32(&at("target"), &mut points.target);
                let parts = std::mem::take(&mut points.part);
                found.0.push((at("part").to_vec(), Numbers::U8(parts)));
            }
            Self::Frame { frame } => {
                let f = Name("frame");
                if let Some(weights) = &mut frame.weights {
                    found.f32(&[f, Name("weights")], weights);
                }
                if let Some(surface) = &mut frame.surface {
                    found.f32(&[f, Name("surface"), Name("values")], &mut surface.values);
                }
                if let Some(curve) = &mut frame.curve {
                    found.f32(&[f, Name("curve"), Name("x")], &mut curve.x);
                    found.f32(&[f, Name("curve"), Name("y")], &mut curve.y);
                }
                if let Some(neurons) = &mut frame.neurons {
                    found.maps(&[f, Name("neurons"), Name("features")], &mut neurons.features);
                    for (index, layer) in neurons.layers.iter_mut().enumerate() {
                        if let Some(maps) = layer {
                            found.maps(&[f, Name("neurons"), Name("layers"), Index(index)], maps);
                        }
                    }
                }
                if let Some(sample) = &mut frame.sample {
                    found.sample(&[f, Name("sample")], sample);
                }
                if let Some(test) = &mut frame.test {
                    found.confusion(&[f, Name("test")], test);
                }
            }
            Self::Inspection { sample, .. } => found.sample(&[Name("sample")], sample),
            Self::Evaluation { evaluation, .. } => found.confusion(&[Name("evaluation")], evaluation),
            Self::Report { report, .. } => found.report(report),
            Self::LearningRates { rates, .. } => found.f32(&[Name("rates")], rates),
            Self::RangeTest { rates, losses, .. } => {
                found.f32(&[Name("rates")], rates);
                found.f32(&[Name("losses")], losses);
            }
            Self::Saved { bytes, .. } => {
                let bytes = std::mem::take(bytes);
                found.0.push((vec![Name("bytes")], Numbers::Buffer(bytes)));
            }
            _ => {}
        }
        found.0
    }
}
