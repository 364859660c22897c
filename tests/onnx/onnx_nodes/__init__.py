"""ONNX's published node tests as cases for Tabgrad's layers: which node is which layer, and which are left out, and why."""
