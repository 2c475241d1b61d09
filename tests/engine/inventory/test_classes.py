"""ABC by value, XYZ by steadiness, life stage by weeks."""

import numpy as np

from engine.inventory import abc_classes, life_stages, xyz_classes


def test_abc_splits_the_value():
    assert ["A", "A", "B", "C", "C"] == list(abc_classes(np.array([60.0, 20.0, 15.0, 4.0, 1.0])))
    assert ["C", "C"] == list(abc_classes(np.zeros(2)))


def test_xyz_splits_the_steadiness():
    sales = np.array([[10.0, 10, 10, 10], [4, 10, 16, 10], [0, 0, 40, 0], [0, 0, 0, 0]])
    assert ["X", "X", "Z", "Z"] == list(xyz_classes(sales))
    assert "Y" == xyz_classes(np.array([[0.0, 10, 20, 10]]))[0]


def test_stages():
    weeks = 40
    new, hit, regular, tail, declining = (np.zeros(weeks) for _ in range(5))
    new[-3:] = 20
    hit[:] = 100
    regular[:] = 10
    tail[::8] = 1
    declining[:-8], declining[-8:] = 20, 2
    first = np.array([37, 0, 0, 0, 0])
    found = life_stages(np.stack([new, hit, regular, tail, declining]), first)
    assert ["新品", "爆品", "常销", "长尾", "衰退"] == list(found)
