"""Outside series are laid over readings as published: vintages apart, gaps open, standardised only on demand."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_panels import small_panel

