"""Ontmoet keeps neighbourhood meeting rooms alive. Start reading at `factory.create_app`."""
